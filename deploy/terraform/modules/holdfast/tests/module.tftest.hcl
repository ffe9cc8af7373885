# terraform test, without an account: the provider is a mock, names and choices are the module's own.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }
}

variables {
  bucket            = "holdfast-data-111122223333"
  mail_domain       = "mail.example.org"
  oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF"
}

run "names_are_those_of_the_services" {
  command = plan

  assert {
    condition     = sort([for queue in aws_sqs_queue.queue : queue.name]) == tolist(["holdfast-bulk", "holdfast-events", "holdfast-mail-feedback", "holdfast-quick", "holdfast-webhooks"])
    error_message = "Queues must be named as QueueNames names them."
  }
  assert {
    condition     = sort([for table in aws_dynamodb_table.table : table.name]) == tolist(["holdfast-access", "holdfast-catalog", "holdfast-jobs", "holdfast-notifications", "holdfast-schedules", "holdfast-user_data"])
    error_message = "Tables must be named as TableNames names them."
  }
  assert {
    condition     = alltrue([for queue in aws_sqs_queue.queue : jsondecode(queue.redrive_policy).deadLetterTargetArn == "arn:aws:sqs:eu-central-1:111122223333:${queue.name}-dlq"])
    error_message = "Each queue must hand what it cannot deliver to its own dead-letter queue."
  }
  assert {
    condition     = length(aws_s3_bucket_object_lock_configuration.data) == 0
    error_message = "Object Lock must be asked for."
  }
}

run "roles_belong_to_service_accounts" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.part["worker"].assume_role_policy).Statement[0].Condition.StringEquals["oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF:sub"] == "system:serviceaccount:holdfast:holdfast-worker"
    error_message = "The worker's role must belong to the worker's service account alone."
  }
  assert {
    condition     = length(aws_eks_pod_identity_association.service) == 0
    error_message = "IRSA needs no associations."
  }
}

run "tables_to_back_up_are_asked_for" {
  command = plan

  variables {
    tables_to_back_up = ["orders"]
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.part["worker"].policy).Statement : statement.Resource
      if contains(statement.Action, "dynamodb:Scan")
    ] == [["arn:aws:dynamodb:eu-central-1:111122223333:table/orders"]]
    error_message = "The worker must read the tables that are named, and no others."
  }
}

run "text_messages_are_asked_for" {
  command = plan

  variables {
    text_messages = true
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.part["notify"].policy).Statement : [statement.Effect, statement.Resource] if contains(statement.Action, "sns:Publish")] == [["Allow", ["*"]], ["Deny", ["arn:aws:sns:*:*:*"]]]
    error_message = "Notify may publish to phone numbers, and to no topic."
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.part["worker"].policy, "sns:")
    error_message = "Nobody else may."
  }
}

run "buckets_of_others_are_listed" {
  command = plan

  variables {
    backup_buckets  = ["exports", "logs/2026/"]
    restore_buckets = ["back/restored/"]
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.part["worker"].policy).Statement : statement.Sid => [statement.Action, statement.Resource] if length(regexall("^(Sources|Targets)", statement.Sid)) > 0 } == {
      SourcesBuckets = [["s3:ListBucket"], ["arn:aws:s3:::exports", "arn:aws:s3:::logs"]]
      SourcesObjects = [["s3:GetObject"], ["arn:aws:s3:::exports/*", "arn:aws:s3:::logs/2026/*"]]
      TargetsObjects = [["s3:AbortMultipartUpload", "s3:PutObject"], ["arn:aws:s3:::back/restored/*"]]
    }
    error_message = "Workers may read what is listed for backups, write what is listed for restores, and no more."
  }
}

run "no_buckets_of_others_unless_listed" {
  command = plan

  assert {
    condition     = !strcontains(aws_iam_role_policy.part["worker"].policy, "Sources") && !strcontains(aws_iam_role_policy.part["worker"].policy, "Targets")
    error_message = "Nobody's buckets are open unless they are listed."
  }
}

run "no_text_messages_unless_asked_for" {
  command = plan

  assert {
    condition     = !strcontains(aws_iam_role_policy.part["notify"].policy, "sns:")
    error_message = "Text messages cost money: they must be asked for."
  }
}

run "repositories_have_a_key_of_their_own" {
  command = plan

  assert {
    condition     = aws_kms_alias.repositories.name == "alias/holdfast-repositories"
    error_message = "The alias must be the one that the manifests name."
  }
  assert {
    condition = { for statement in jsondecode(aws_kms_key_policy.repositories.policy).Statement : statement.Sid => statement.Action if statement.Sid != "AccountAdministers" } == {
      Ingest = ["kms:Decrypt", "kms:Encrypt"]
      Worker = ["kms:Decrypt"]
    }
    error_message = "Ingest wraps and unwraps keys, workers unwrap them, and nobody else uses the key."
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.part["worker"].policy, "kms:")
    error_message = "The key's own policy says who may use it."
  }
}

run "pod_identity_associates_each_service" {
  command = plan

  variables {
    identity               = "pod-identity"
    oidc_provider_arn      = null
    cluster_name           = "main"
    keda_operator_role_arn = "arn:aws:iam::111122223333:role/keda-operator"
  }

  assert {
    condition     = length(aws_eks_pod_identity_association.service) == 3
    error_message = "Each service must be associated with its role."
  }
  assert {
    condition     = jsondecode(aws_iam_role.part["worker"].assume_role_policy).Statement[0].Principal.Service == "pods.eks.amazonaws.com"
    error_message = "The worker's role must be for pods."
  }
  assert {
    condition     = jsondecode(aws_iam_role.part["keda"].assume_role_policy).Statement[0].Principal.AWS == "arn:aws:iam::111122223333:role/keda-operator"
    error_message = "Only KEDA's operator may take KEDA's role."
  }
}

run "object_lock_when_asked_for" {
  command = plan

  variables {
    object_lock_days = 30
  }

  assert {
    condition     = aws_s3_bucket.data.object_lock_enabled && aws_s3_bucket_object_lock_configuration.data[0].rule[0].default_retention[0].days == 30
    error_message = "Object Lock must keep versions for as long as was asked."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    prefix            = "holdfast_"
    bucket            = "Holdfast.Data"
    mail_domain       = "nowhere"
    oidc_provider_arn = null
    object_lock_days  = -1
    noncurrent_days   = 0
  }

  expect_failures = [
    var.prefix,
    var.bucket,
    var.mail_domain,
    var.oidc_provider_arn,
    var.object_lock_days,
    var.noncurrent_days,
  ]
}
