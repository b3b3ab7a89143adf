const answer = document.querySelector('#answer');

try {
  const response = await fetch('http://localhost:4100/');
  answer.textContent = (await response.json()).message;
} catch {
  answer.textContent = 'The API does not run.';
}
