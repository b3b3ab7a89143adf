/* A minimal server, so that a benchmark measures the program that runs it.
 *
 * tiny PORT CONTROL [CHILDREN] [MODE] [DELAY_MS]
 *
 * Listens on 127.0.0.1:PORT, forks CHILDREN idle children, and reports that on its standard output and then in a
 * connection to 127.0.0.1:CONTROL, which it and its children keep open until they exit. The report contains the time of
 * the monotonic clock just before the output, in nanoseconds. MODE `deaf` ignores SIGTERM, `slow` exits DELAY_MS after it;
 * `late` reports DELAY_MS after it began to listen. It answers all requests with an empty page. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
static long delay_ms = 0;

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void wait_delay(void) {
  struct timespec pause_time = {delay_ms / 1000, (delay_ms % 1000) * 1000000};
  nanosleep(&pause_time, NULL);
}

static void end_slowly(int number) {
  (void)number;
  wait_delay();
  _exit(0);
}

static int listening(int port) {
  int one = 1;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = loopback(port);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) {
    perror("tiny");
    exit(1);
  }
  return listener;
}

/* The children inherit the connection, so that it closes when all of them have exited. */
static int connected(int port) {
  int control = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = loopback(port);
  if (connect(control, (struct sockaddr *)&address, sizeof address) != 0) exit(1);
  return control;
}

static void report(int control, int port) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  printf("tiny listens on http://localhost:%d/\n", port);
  fflush(stdout);
  if (control >= 0)
    dprintf(control, "%d %lld\n", port, (long long)now.tv_sec * 1000000000LL + now.tv_nsec);
}

int main(int argc, char **argv) {
  int port = argc > 1 ? atoi(argv[1]) : 0;
  int control_port = argc > 2 ? atoi(argv[2]) : 0;
  int children = argc > 3 ? atoi(argv[3]) : 0;
  const char *mode = argc > 4 ? argv[4] : "plain";
  delay_ms = argc > 5 ? atol(argv[5]) : 0;
  if (strcmp(mode, "deaf") == 0) signal(SIGTERM, SIG_IGN);
  if (strcmp(mode, "slow") == 0) signal(SIGTERM, end_slowly);
  signal(SIGPIPE, SIG_IGN);
  int listener = listening(port);
  int control = control_port > 0 ? connected(control_port) : -1;
  for (int index = 0; index < children; index++)
    if (fork() == 0)
      for (;;) pause();
  if (strcmp(mode, "late") == 0) wait_delay();
  report(control, port);
  for (;;) {
    char request[4096];
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) continue;
    if (read(connection, request, sizeof request) > 0 && write(connection, answer, sizeof answer - 1) < 0) perror("tiny");
    close(connection);
  }
}
