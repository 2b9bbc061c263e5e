# Cloud Scheduler calls flexTemplates.launch with what `gcloud dataflow flex-template run` would send.

resource "google_cloud_scheduler_job" "ingest" {
  name             = "newsbeam-ingest"
  region           = var.region
  schedule         = var.schedule
  time_zone        = "Etc/UTC"
  paused           = var.paused
  attempt_deadline = "180s"

  retry_config {
    # The next call is the next attempt.
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = "https://dataflow.googleapis.com/v1b3/projects/${var.project}/locations/${var.region}/flexTemplates:launch"
    headers     = { "Content-Type" = "application/json" }

    body = base64encode(jsonencode({
      launchParameter = {
        jobName              = "newsbeam-ingest"
        containerSpecGcsPath = local.template
        parameters = {
          inputs              = join(",", var.inputs)
          output              = local.output
          sdk_container_image = local.image
        }
        environment = {
          serviceAccountEmail = google_service_account.worker.email
          stagingLocation     = "gs://${google_storage_bucket.work.name}/staging"
          tempLocation        = "gs://${google_storage_bucket.work.name}/temp"
          maxWorkers          = var.max_workers
        }
      }
    }))

    oauth_token {
      service_account_email = google_service_account.scheduler.email
    }
  }

  depends_on = [google_project_service.used]
}
