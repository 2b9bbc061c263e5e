# What a Flex Template of newsbeam needs in a project: a bucket for templates and staged files, a registry for its image,
# two service accounts that may do no more than they must, and a schedule.

locals {
  services = ["artifactregistry", "cloudscheduler", "compute", "dataflow", "storage"]
  image    = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}/newsbeam:${var.newsbeam_version}"
  output   = coalesce(var.output, "gs://${google_storage_bucket.work.name}/tables")
  template = "gs://${google_storage_bucket.work.name}/templates/newsbeam-${var.newsbeam_version}.json"
}

resource "google_project_service" "used" {
  for_each = toset(local.services)

  service            = "${each.value}.googleapis.com"
  disable_on_destroy = false
}

resource "google_storage_bucket" "work" {
  name                        = "${var.project}-newsbeam"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # Jobs leave staged and temporary files behind; templates stay.
  lifecycle_rule {
    condition {
      age            = 7
      matches_prefix = ["staging/", "temp/"]
    }
    action {
      type = "Delete"
    }
  }

  depends_on = [google_project_service.used]
}

resource "google_artifact_registry_repository" "images" {
  repository_id = "newsbeam"
  location      = var.region
  format        = "DOCKER"

  docker_config {
    # A job that starts tomorrow runs what was tested today.
    immutable_tags = true
  }

  depends_on = [google_project_service.used]
}
