locals {
  # The lanes, events and calls of webhooks from workers to the notifier, and what SES tells of mails. Names as in QueueNames.
  queues = ["quick", "bulk", "events", "webhooks", "mail-feedback"]

  # SQS's limit, as QueueResource has it: no message goes before somebody saw it.
  retention_seconds = 14 * 24 * 3600

  # A last net only: how often a job is tried is decided by its record.
  max_receive_count = 1000

  queue_arns = {
    for name in flatten([for queue in local.queues : [queue, "${queue}-dlq"]]) :
    name => "arn:${local.partition}:sqs:${local.region}:${local.account}:${var.prefix}${name}"
  }
}

resource "aws_sqs_queue" "dead_letters" {
  for_each = toset(local.queues)

  name                              = "${var.prefix}${each.key}-dlq"
  message_retention_seconds         = local.retention_seconds
  kms_master_key_id                 = aws_kms_key.holdfast.arn
  kms_data_key_reuse_period_seconds = 3600
}

resource "aws_sqs_queue" "queue" {
  for_each = toset(local.queues)

  name                              = "${var.prefix}${each.key}"
  message_retention_seconds         = local.retention_seconds
  visibility_timeout_seconds        = 45
  receive_wait_time_seconds         = 20
  kms_master_key_id                 = aws_kms_key.holdfast.arn
  kms_data_key_reuse_period_seconds = 3600

  redrive_policy = jsonencode({
    deadLetterTargetArn = local.queue_arns["${each.key}-dlq"]
    maxReceiveCount     = local.max_receive_count
  })

  depends_on = [aws_sqs_queue.dead_letters]
}

# A dead-letter queue takes messages of its own queue and of no other.
resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  for_each = toset(local.queues)

  queue_url = aws_sqs_queue.dead_letters[each.key].id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.queue_arns[each.key]]
  })

  depends_on = [aws_sqs_queue.queue]
}

# Requests without TLS are refused; and only the topic of this installation may speak to mail-feedback from outside.
resource "aws_sqs_queue_policy" "queue" {
  for_each = merge(
    { for name in local.queues : name => aws_sqs_queue.queue[name] },
    { for name in local.queues : "${name}-dlq" => aws_sqs_queue.dead_letters[name] },
  )

  queue_url = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid       = "OnlyTls"
          Effect    = "Deny"
          Principal = "*"
          Action    = "sqs:*"
          Resource  = local.queue_arns[each.key]
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        },
      ],
      [
        for topic in each.key == "mail-feedback" ? [local.feedback_topic] : [] : {
          Sid       = "FeedbackOfMails"
          Effect    = "Allow"
          Principal = { Service = "sns.amazonaws.com" }
          Action    = "sqs:SendMessage"
          Resource  = local.queue_arns[each.key]
          Condition = { ArnEquals = { "aws:SourceArn" = topic } }
        }
      ],
    )
  })
}
