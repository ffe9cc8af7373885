output "queue_urls" {
  description = "Queue URLs by short name; those of the lanes belong into KEDA's triggers."
  value       = { for name, queue in aws_sqs_queue.queue : name => queue.url }
}

output "role_arns" {
  description = "Role ARNs by part: ingest, worker, notify, keda."
  value       = { for part, role in aws_iam_role.part : part => role.arn }
}

output "bucket" {
  description = "The bucket's name."
  value       = aws_s3_bucket.data.id
}

output "kms_key_arn" {
  description = "The key of queues, tables and objects."
  value       = aws_kms_key.holdfast.arn
}

output "repositories_key_alias" {
  description = "The key that wraps the keys of repositories, for HOLDFAST_REPOSITORIES_KMS_KEY."
  value       = aws_kms_alias.repositories.name
}

output "dkim_records" {
  description = "CNAME records that prove the mail domain: name and value."
  value = [
    for token in try(aws_sesv2_email_identity.domain.dkim_signing_attributes[0].tokens, []) : {
      name  = "${token}._domainkey.${var.mail_domain}"
      value = "${token}.dkim.amazonses.com"
    }
  ]
}
