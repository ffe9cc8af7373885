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

# Another key wraps the keys of repositories: who may read a queue or a table must not open backups. When it is gone,
# only the recovery passwords open them.
resource "aws_kms_key" "repositories" {
  description             = "Holdfast: the keys of backup repositories under ${var.prefix}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_key_policy" "repositories" {
  key_id = aws_kms_key.repositories.key_id
  policy = jsonencode(local.repositories_key_policy)

  depends_on = [aws_iam_role.part]
}

resource "aws_kms_alias" "repositories" {
  name          = "alias/${var.prefix}repositories"
  target_key_id = aws_kms_key.repositories.key_id
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

  repositories_key_policy = {
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          # Whoever administers keys may do so, and not use this one. (They could let themselves; CloudTrail would tell.)
          Sid       = "AccountAdministers"
          Effect    = "Allow"
          Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
          Action = [
            "kms:CancelKeyDeletion", "kms:DescribeKey", "kms:Disable*", "kms:Enable*", "kms:Get*", "kms:List*", "kms:Put*",
            "kms:RotateKeyOnDemand", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias",
            "kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateKeyDescription",
          ]
          Resource = "*"
        },
      ],
      [
        # The services whose permissions name the key. KeyWrap binds what it wraps to tenant and repository: no use without.
        for part, grants in local.permissions : {
          Sid       = title(part)
          Effect    = "Allow"
          Principal = { AWS = "arn:${local.partition}:iam::${local.account}:role/${var.prefix}${part}" }
          Action    = grants["key/repositories"]
          Resource  = "*"
          Condition = {
            StringLike = {
              "kms:EncryptionContext:tenant"     = "?*"
              "kms:EncryptionContext:repository" = "?*"
            }
          }
        } if contains(keys(grants), "key/repositories")
      ],
    )
  }
}
