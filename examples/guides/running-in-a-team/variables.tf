variable "environment" {
  description = "production, or the name of a preview, such as pr-17."
  type        = string
  default     = "production"

  validation {
    condition     = can(regex("^[a-z0-9-]{1,20}$", var.environment))
    error_message = "An environment has up to 20 small letters, digits and hyphens."
  }
}

variable "cafe_merchant_id" {
  description = "The café's merchant id; null is that of the environment."
  type        = string
  default     = null
}

variable "cafe_api_key" {
  description = "The café's API key: TF_VAR_cafe_api_key, from the secrets of the job."
  type        = string
  default     = null
  sensitive   = true
}
