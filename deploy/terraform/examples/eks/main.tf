# Holdfast on an EKS cluster that exists. Fill in terraform.tfvars, then: terraform init && terraform apply
terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

variable "region" {
  description = "The AWS region."
  type        = string
  default     = "eu-central-1"
}

variable "bucket" {
  description = "The bucket's name, of your own choice."
  type        = string
}

variable "mail_domain" {
  description = "The domain that mails come from."
  type        = string
}

variable "oidc_provider_arn" {
  description = "The ARN of the cluster's OIDC provider in IAM."
  type        = string
}

variable "alarm_topic_arns" {
  description = "Where alarms go: ARNs of SNS topics."
  type        = list(string)
  default     = []
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { application = "holdfast" }
  }
}

module "holdfast" {
  source = "../../modules/holdfast"

  bucket            = var.bucket
  mail_domain       = var.mail_domain
  identity          = "irsa"
  oidc_provider_arn = var.oidc_provider_arn
  alarm_topic_arns  = var.alarm_topic_arns
}

output "holdfast" {
  description = "What the manifests need: queue URLs, role ARNs, bucket; and the DNS records of the mail domain."
  value       = module.holdfast
}
