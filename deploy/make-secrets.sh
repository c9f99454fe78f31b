#!/bin/sh
# Makes the secrets that deploy/compose.yaml reads, where they are not there yet.
#   sh deploy/make-secrets.sh FOLDER [HOST]
# Run it as root: each file then belongs to the one user who reads it, mode 0400. What is there
# is kept. Put the office's own certificate with its key (PEM, both in one file) at FOLDER/tls.pem;
# without one, a self-signed one for HOST is made, for trying.
set -eu
folder=${1:?folder of the secrets}
host=${2:-localhost}
umask 077
mkdir -p "$folder"
random() { head -c 32 /dev/urandom | od -An -vtx1 | tr -d ' \n'; }
# keep NAME UID:GID: take what comes in as the secret, unless it is there
keep() {
  if [ -s "$folder/$1" ]; then cat >/dev/null; else cat > "$folder/$1"; echo "  $1"; fi
  if [ "$(id -u)" = 0 ]; then chown "$2" "$folder/$1"; fi
  chmod 0400 "$folder/$1"
}
echo "sohoa: secrets in $folder"
random | keep database-password 999:10001
random | keep search-password 1000:0
random | keep metrics-token 10001:65534
head -c 32 /dev/urandom | keep audit-key 10001:10001
if ! [ -s "$folder/s3-credentials" ]; then
  access=$(random | cut -c1-20)
  secret=$(random)
  printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$access" "$secret" \
    | keep s3-credentials 10001:10001
  rm -f "$folder/s3-identities"
  printf '{"identities":[{"name":"sohoa","credentials":[{"accessKey":"%s","secretKey":"%s"}],"actions":["Read:sohoa","Write:sohoa","List:sohoa","Tagging:sohoa","Admin:sohoa"]}]}\n' \
    "$access" "$secret" | keep s3-identities 10002:10002
fi
# Two programs read these two: the second by its group.
chmod 0440 "$folder/database-password" "$folder/metrics-token"
if ! [ -s "$folder/tls.pem" ]; then
  work=$(mktemp -d)
  openssl req -x509 -newkey rsa:3072 -nodes -days 90 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host" -keyout "$work/key" -out "$work/certificate" 2>/dev/null
  cat "$work/certificate" "$work/key" | keep tls.pem 99:99
  rm -rf "$work"
  echo "  tls.pem is self-signed: replace it by the office's own"
fi
