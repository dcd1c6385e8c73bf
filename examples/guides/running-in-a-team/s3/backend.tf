terraform {
  backend "s3" {
    bucket       = "team-state"
    key          = "invoice/links.tfstate"
    region       = "ru-central1"
    use_lockfile = true

    endpoints = {
      s3 = "https://storage.yandexcloud.net"
    }

    # What only Amazon has.
    skip_region_validation      = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }
}
