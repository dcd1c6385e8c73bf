variable "cafe_merchant_id" {
  description = "The café's merchant id."
  type        = string
  nullable    = false

  validation {
    condition     = var.cafe_merchant_id != ""
    error_message = "Without the café's merchant id, its terminal would be the shop's."
  }
}

variable "cafe_api_key" {
  description = "The café's API key: TF_VAR_cafe_api_key, from the secrets of the job."
  type        = string
  sensitive   = true
  nullable    = false

  validation {
    condition     = var.cafe_api_key != "" # what GitHub has for a secret that is not there
    error_message = "The café's API key is empty."
  }
}
