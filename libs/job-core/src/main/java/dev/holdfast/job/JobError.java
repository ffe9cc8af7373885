package dev.holdfast.job;

/**
 * Why a job, or its last attempt, failed.
 *
 * @param code a stable word to switch on, such as {@code email-taken}
 * @param message a sentence for people
 * @param retryable whether trying the same job again may help
 * @param attempt the attempt that failed, from 1
 */
public record JobError(String code, String message, boolean retryable, int attempt) {}
