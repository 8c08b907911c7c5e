# shellcheck shell=bash
# What the processors are called; sourced. machine ARCH sets `triplet` (GNU's name, and the compiler's prefix),
# `emulator` (QEMU's) and `debian` (the architecture of Debian 12, empty where Debian 12 has none).
machine() {
  # shellcheck disable=SC2034
  case $1 in
    arm64) triplet=aarch64-linux-gnu emulator=qemu-aarch64 debian=arm64 ;;
    armhf) triplet=arm-linux-gnueabihf emulator=qemu-arm debian=armhf ;;
    mips) triplet=mips-linux-gnu emulator=qemu-mips debian='' ;;
    mipsel) triplet=mipsel-linux-gnu emulator=qemu-mipsel debian=mipsel ;;
    *) return 1 ;;
  esac
}
