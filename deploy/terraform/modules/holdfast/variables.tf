variable "prefix" {
  description = "Begins the name of every queue, table and role, as holdfast.resources.prefix does. Letters, digits and dashes, at most 40."
  type        = string
  default     = "holdfast-"

  validation {
    condition     = can(regex("^[A-Za-z0-9-]{1,40}$", var.prefix))
    error_message = "prefix must be 1 to 40 letters, digits and dashes."
  }
}

variable "bucket" {
  description = "The bucket's name, as holdfast.resources.bucket. Names of buckets are global."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket must be 3 to 63 lower-case letters, digits and dashes (no dots: they break TLS)."
  }
}

variable "object_lock_days" {
  description = "How long nobody, not even an administrator, can delete a version of a backup: 0 = no Object Lock, or 1 to 3650 days. Can only be chosen when the bucket is made."
  type        = number
  default     = 0

  validation {
    condition     = var.object_lock_days >= 0 && var.object_lock_days <= 3650 && floor(var.object_lock_days) == var.object_lock_days
    error_message = "object_lock_days must be a whole number from 0 to 3650."
  }
}

variable "noncurrent_days" {
  description = "How long a replaced or deleted version of an object is kept, in days, 1 to 3650."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1 && var.noncurrent_days <= 3650
    error_message = "noncurrent_days must be 1 to 3650."
  }
}

variable "deletion_protection" {
  description = "Whether tables refuse to be deleted. Switch it off, apply, and only then destroy."
  type        = bool
  default     = true
}

variable "mail_domain" {
  description = "The domain that mails come from; the address in holdfast.mail.from belongs to it. Put the DKIM records of the outputs into its DNS."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.mail_domain))
    error_message = "mail_domain must be a domain, such as mail.example.org."
  }
}

variable "text_messages" {
  description = "Whether notify may send text messages through SNS; see holdfast.sms.enabled. What they may cost a month is set in SNS."
  type        = bool
  default     = false
}

variable "backup_buckets" {
  description = "Buckets, or bucket/prefix, that workers may read for backups without a connection: those of holdfast.backup.buckets, without tenants."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for place in var.backup_buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^*?]*)?$", place)) && split("/", place)[0] != var.bucket])
    error_message = "backup_buckets must be names of buckets, or bucket/prefix, and not Holdfast's own."
  }
}

variable "restore_buckets" {
  description = "Buckets, or bucket/prefix, that workers may write to for restores without a connection: those of holdfast.restore.buckets, without tenants."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for place in var.restore_buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^*?]*)?$", place)) && split("/", place)[0] != var.bucket])
    error_message = "restore_buckets must be names of buckets, or bucket/prefix, and not Holdfast's own."
  }
}

variable "identity" {
  description = "How pods get their role: irsa (needs oidc_provider_arn) or pod-identity (needs cluster_name and keda_operator_role_arn)."
  type        = string
  default     = "irsa"

  validation {
    condition     = contains(["irsa", "pod-identity"], var.identity)
    error_message = "identity must be irsa or pod-identity."
  }
}

variable "oidc_provider_arn" {
  description = "irsa: the ARN of the cluster's OIDC provider in IAM."
  type        = string
  default     = null

  validation {
    condition     = var.identity != "irsa" || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/.+", var.oidc_provider_arn))
    error_message = "oidc_provider_arn must be the ARN of an OIDC provider when identity is irsa."
  }
}

variable "cluster_name" {
  description = "pod-identity: the name of the EKS cluster, with the agent's add-on."
  type        = string
  default     = null

  validation {
    condition     = var.identity != "pod-identity" || try(length(var.cluster_name) > 0, false)
    error_message = "cluster_name must be given when identity is pod-identity."
  }
}

variable "tables_to_back_up" {
  description = "DynamoDB tables of this account and region that backups may read: holdfast.backup.tables. Those encrypted with a key of your own need kms:Decrypt by its policy."
  type        = list(string)
  default     = []
}

variable "keda_operator_role_arn" {
  description = "pod-identity: the role that KEDA's operator has; it may assume the one that looks at the queues."
  type        = string
  default     = null

  validation {
    condition     = var.identity != "pod-identity" || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/.+", var.keda_operator_role_arn))
    error_message = "keda_operator_role_arn must be the ARN of a role when identity is pod-identity."
  }
}

variable "namespace" {
  description = "The Kubernetes namespace of Holdfast."
  type        = string
  default     = "holdfast"
}

variable "keda_service_account" {
  description = "irsa: namespace and name of the service account of KEDA's operator."
  type        = string
  default     = "keda:keda-operator"
}

variable "alarm_topic_arns" {
  description = "Where alarms go: ARNs of SNS topics."
  type        = list(string)
  default     = []
}

variable "oldest_message_alarm_seconds" {
  description = "From which age of its oldest message a queue raises the alarm, in seconds. Messages of retries that wait for their time count too."
  type        = map(number)
  default = {
    quick  = 300
    bulk   = 14400
    events = 900
  }
}
