package dev.holdfast.notify.mail;

/** A line of facts. */
record Row(String label, String value) {}
