data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

# One key for queues, tables and bucket.
resource "aws_kms_key" "holdfast" {
  description             = "Holdfast: queues, tables and objects under ${var.prefix}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_key_policy" "holdfast" {
  key_id = aws_kms_key.holdfast.key_id
  policy = jsonencode(local.key_policy)

  # A policy may only name roles that are there.
  depends_on = [aws_iam_role.part]
}

resource "aws_kms_alias" "holdfast" {
  name          = "alias/${trimsuffix(var.prefix, "-")}"
  target_key_id = aws_kms_key.holdfast.key_id
}

# ARNs are put together from names: so the plan shows each policy as it will be.
locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name

  # In a key's own policy "*" is this key.
  key_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountDecidesByIam"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        # Queues, tables and objects are encrypted: who uses them uses the key, through these services and no other way.
        Sid       = "ServicesThroughAws"
        Effect    = "Allow"
        Principal = { AWS = [for service in ["ingest", "worker", "notify"] : "arn:${local.partition}:iam::${local.account}:role/${var.prefix}${service}"] }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:ViaService" = [for service in ["sqs", "dynamodb", "s3"] : "${service}.${local.region}.amazonaws.com"]
          }
        }
      },
      {
        # SES tells the topic what became of mails, and the topic tells the queue.
        Sid       = "FeedbackOfMails"
        Effect    = "Allow"
        Principal = { Service = ["sns.amazonaws.com", "ses.amazonaws.com"] }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
    ]
  }
}
