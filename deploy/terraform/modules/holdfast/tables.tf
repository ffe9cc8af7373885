locals {
  # Keys and indexes, exactly as the services make them where they may: a test compares the two.
  tables = jsondecode(file("${path.module}/tables.json"))

  attributes = {
    for name, table in local.tables : name => merge(
      { (table.hash_key) = "S" },
      try({ (table.range_key) = "S" }, {}),
      { for key in distinct([for index in table.indexes : index.hash_key]) : key => "S" },
      { for key in distinct([for index in table.indexes : index.numeric_range_key]) : key => "N" },
    )
  }
}

resource "aws_dynamodb_table" "table" {
  for_each = local.tables

  name                        = "${var.prefix}${each.key}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = each.value.hash_key
  range_key                   = try(each.value.range_key, null)
  deletion_protection_enabled = var.deletion_protection

  dynamic "attribute" {
    for_each = local.attributes[each.key]
    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = each.value.indexes
    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash_key
      range_key       = global_secondary_index.value.numeric_range_key
      projection_type = "KEYS_ONLY"
    }
  }

  ttl {
    attribute_name = "ttl"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.holdfast.arn
  }
}
