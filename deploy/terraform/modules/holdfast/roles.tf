locals {
  # What each part may do: part -> what -> actions. A test compares it with the calls that the services really make.
  permissions = jsondecode(file("${path.module}/permissions.json"))

  table_arns = {
    for name, table in local.tables : name => "arn:${local.partition}:dynamodb:${local.region}:${local.account}:table/${var.prefix}${name}"
  }

  # What the names in permissions.json stand for.
  arns = merge(
    { for name, arn in local.queue_arns : "queue/${name}" => [arn] },
    { for name, arn in local.table_arns : "table/${name}" => [arn] },
    merge([
      for name, table in local.tables : {
        for index in table.indexes : "table/${name}/index/${index.name}" => ["${local.table_arns[name]}/index/${index.name}"]
      }
    ]...),
    { "tables-to-back-up" = [for name in var.tables_to_back_up : "arn:${local.partition}:dynamodb:${local.region}:${local.account}:table/${name}"] },
    { "bucket" = ["arn:${local.partition}:s3:::${var.bucket}"] },
    {
      for folder in ["uploads", "registrations", "backups", "restores"] :
      "objects/${folder}" => ["arn:${local.partition}:s3:::${var.bucket}/${folder}/*"]
    },
    {
      # Buckets of others that are listed; none unless they are, and then there is no statement.
      "sources/buckets" = distinct([for place in var.backup_buckets : "arn:${local.partition}:s3:::${split("/", place)[0]}"])
      "sources/objects" = [for place in var.backup_buckets : "arn:${local.partition}:s3:::${place}${strcontains(place, "/") ? "" : "/"}*"]
      "targets/objects" = [for place in var.restore_buckets : "arn:${local.partition}:s3:::${place}${strcontains(place, "/") ? "" : "/"}*"]
    },
    {
      "mail" = [
        "arn:${local.partition}:ses:${local.region}:${local.account}:identity/${var.mail_domain}",
        "arn:${local.partition}:ses:${local.region}:${local.account}:configuration-set/${var.prefix}mail",
      ]
      "mail-account"  = ["*"] # IAM knows no narrower resource for GetAccount
      "text-messages" = ["*"] # nor for a phone number; topics are denied below
    },
  )

  service_accounts = {
    ingest = "${var.namespace}:holdfast-ingest"
    worker = "${var.namespace}:holdfast-worker"
    notify = "${var.namespace}:holdfast-notify"
    keda   = var.keda_service_account
  }

  oidc_issuer = try(regex("oidc-provider/(.+)$", var.oidc_provider_arn)[0], "")

  trust = {
    for part, account in local.service_accounts : part => jsondecode(
      var.identity == "irsa" ? jsonencode({
        Principal = { Federated = var.oidc_provider_arn }
        Action    = ["sts:AssumeRoleWithWebIdentity"]
        Condition = {
          StringEquals = {
            "${local.oidc_issuer}:aud" = "sts.amazonaws.com"
            "${local.oidc_issuer}:sub" = "system:serviceaccount:${account}"
          }
        }
        }) : part == "keda" ? jsonencode({
        Principal = { AWS = var.keda_operator_role_arn }
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Condition = { StringEquals = { "aws:PrincipalAccount" = local.account } }
        }) : jsonencode({
        Principal = { Service = "pods.eks.amazonaws.com" }
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      })
    )
  }
}

resource "aws_iam_role" "part" {
  for_each = local.permissions

  name                 = "${var.prefix}${each.key}"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge({ Effect = "Allow" }, local.trust[each.key])]
  })
}

resource "aws_iam_role_policy" "part" {
  for_each = local.permissions

  name = "holdfast"
  role = aws_iam_role.part[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        for what, actions in each.value : {
          Sid      = join("", [for word in regexall("[a-z0-9]+", lower(what)) : title(word)])
          Effect   = "Allow"
          Action   = actions
          Resource = local.arns[what]
        }
        if !startswith(what, "key/") # those are in the key's own policy: its ARN is not known before it is made
        && (what != "text-messages" || var.text_messages)
        && (what != "tables-to-back-up" || length(var.tables_to_back_up) > 0)
        && try(length(local.arns[what]) > 0, true)
      ],
      [
        for what in keys(each.value) : {
          Sid      = "NoTopics"
          Effect   = "Deny"
          Action   = ["sns:Publish"]
          Resource = ["arn:${local.partition}:sns:*:*:*"]
        } if what == "text-messages" && var.text_messages
      ],
    )
  })
}

resource "aws_eks_pod_identity_association" "service" {
  for_each = var.identity == "pod-identity" ? toset(["ingest", "worker", "notify"]) : toset([])

  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = "holdfast-${each.key}"
  role_arn        = aws_iam_role.part[each.key].arn
}
