# Sourced by mvnw and holdfast: makes sure that JAVA_HOME names a JDK of version 25 or newer.
# Keeps a JAVA_HOME that is new enough; else looks where Debian, Fedora, SDKMAN, IDEs, asdf, mise and macOS
# put their JDKs and takes the newest; else stops with one clear sentence.

holdfast_jdk_version() { # prints the feature version of the JDK in folder $1, or 0
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || { echo 0; return; }
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | head -n 1 | grep . || echo 0
}

holdfast_find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && [ "$(holdfast_jdk_version "$JAVA_HOME")" -ge 25 ]; then return 0; fi
  holdfast_best=24
  holdfast_home=
  holdfast_java=$(command -v java 2>/dev/null) && holdfast_java=$(readlink -f "$holdfast_java" 2>/dev/null) || holdfast_java=
  set +f
  for candidate in "${holdfast_java%/bin/java}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -d "$candidate" ] || continue
    holdfast_version=$(holdfast_jdk_version "$candidate")
    if [ "$holdfast_version" -gt "$holdfast_best" ]; then
      holdfast_best=$holdfast_version
      holdfast_home=$candidate
    fi
  done
  if [ -z "$holdfast_home" ]; then
    echo "Holdfast needs a JDK 25 or newer: none was found in the usual folders; install one (Temurin 25 for example) or set JAVA_HOME to it." >&2
    return 1
  fi
  JAVA_HOME=$holdfast_home
  export JAVA_HOME
}

holdfast_find_jdk || exit 1
