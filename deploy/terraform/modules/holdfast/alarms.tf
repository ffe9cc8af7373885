# What the queues themselves show. What happens inside the services, Prometheus watches: deploy/observability.

# Work waits longer than it may.
resource "aws_cloudwatch_metric_alarm" "oldest_message" {
  for_each = var.oldest_message_alarm_seconds

  alarm_name          = "${var.prefix}${each.key}-oldest-message"
  alarm_description   = "The oldest message of ${var.prefix}${each.key} is older than ${each.value} s. Runbook: docs/operations.md, BacklogTooOld."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.queue[each.key].name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  threshold           = each.value
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}

# Ingest takes dead letters off within seconds: what lies there for a quarter of an hour, nobody collects.
resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = toset(local.queues)

  alarm_name          = "${var.prefix}${each.key}-dlq-not-empty"
  alarm_description   = "Messages lie in ${var.prefix}${each.key}-dlq. Runbook: docs/operations.md, DeadLetters."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters[each.key].name }
  statistic           = "Minimum"
  period              = 300
  evaluation_periods  = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}

# At 120,000 messages in flight a queue answers as if it were empty, and says nothing.
resource "aws_cloudwatch_metric_alarm" "in_flight" {
  for_each = toset(local.queues)

  alarm_name          = "${var.prefix}${each.key}-in-flight"
  alarm_description   = "${var.prefix}${each.key} has more than 100,000 messages in flight; at 120,000 it gives out no more. Runbook: docs/operations.md, InFlightNearCap."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesNotVisible"
  dimensions          = { QueueName = aws_sqs_queue.queue[each.key].name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 100000
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}

# Messages are there and nobody takes any: no replicas (KEDA cannot see the queue), or all of them stand still.
resource "aws_cloudwatch_metric_alarm" "nobody_works" {
  for_each = toset(["quick", "bulk", "events", "webhooks"])

  alarm_name          = "${var.prefix}${each.key}-nobody-works"
  alarm_description   = "Messages wait in ${var.prefix}${each.key} and none was received for ten minutes. Runbook: docs/operations.md, NobodyWorks."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 10
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns

  metric_query {
    id          = "stalled"
    expression  = "IF(waiting > 0 AND FILL(received, 0) == 0, 1, 0)"
    label       = "Messages wait and none is received"
    return_data = true
  }

  metric_query {
    id = "waiting"

    metric {
      namespace   = "AWS/SQS"
      metric_name = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = aws_sqs_queue.queue[each.key].name }
      stat        = "Minimum"
      period      = 60
    }
  }

  metric_query {
    id = "received"

    metric {
      namespace   = "AWS/SQS"
      metric_name = "NumberOfMessagesReceived"
      dimensions  = { QueueName = aws_sqs_queue.queue[each.key].name }
      stat        = "Sum"
      period      = 60
    }
  }
}
