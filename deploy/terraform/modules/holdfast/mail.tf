# The domain that mails come from. Its default set makes SES report on every mail without a word of the notifier.
resource "aws_sesv2_email_identity" "domain" {
  email_identity         = var.mail_domain
  configuration_set_name = aws_sesv2_configuration_set.holdfast.configuration_set_name
}

resource "aws_sesv2_configuration_set" "holdfast" {
  configuration_set_name = "${var.prefix}mail"

  delivery_options {
    tls_policy = "REQUIRE"
  }

  reputation_options {
    reputation_metrics_enabled = true
  }

  suppression_options {
    suppressed_reasons = ["BOUNCE", "COMPLAINT"]
  }
}

resource "aws_sesv2_configuration_set_event_destination" "feedback" {
  configuration_set_name = aws_sesv2_configuration_set.holdfast.configuration_set_name
  event_destination_name = "feedback"

  event_destination {
    enabled              = true
    matching_event_types = ["BOUNCE", "COMPLAINT", "DELIVERY", "REJECT"]

    sns_destination {
      topic_arn = aws_sns_topic.mail_feedback.arn
    }
  }
}

locals {
  feedback_topic = "arn:${local.partition}:sns:${local.region}:${local.account}:${var.prefix}mail-feedback"
}

resource "aws_sns_topic" "mail_feedback" {
  name              = "${var.prefix}mail-feedback"
  kms_master_key_id = aws_kms_key.holdfast.arn
}

resource "aws_sns_topic_policy" "mail_feedback" {
  arn = aws_sns_topic.mail_feedback.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "SesOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "ses.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = local.feedback_topic
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "mail_feedback" {
  topic_arn            = aws_sns_topic.mail_feedback.arn
  protocol             = "sqs"
  endpoint             = local.queue_arns["mail-feedback"]
  raw_message_delivery = true
  redrive_policy       = jsonencode({ deadLetterTargetArn = local.queue_arns["mail-feedback-dlq"] })

  depends_on = [aws_sqs_queue_policy.queue, aws_sqs_queue.queue]
}
