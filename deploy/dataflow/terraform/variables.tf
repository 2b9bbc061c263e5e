variable "project" {
  description = "Id of the project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of bucket, images, jobs and schedule."
  type        = string
  default     = "europe-west3"
}

variable "newsbeam_version" {
  description = "Tag of the image and name of the template file, so that two versions can stand side by side."
  type        = string
  default     = "0.1.0"
}

variable "inputs" {
  description = "What the scheduled job reads: gs:// patterns and feed URLs."
  type        = list(string)

  validation {
    condition     = length(var.inputs) > 0
    error_message = "Name at least one input."
  }
}

variable "output" {
  description = "Where the tables are: gs://BUCKET/FOLDER. Made below the bucket that this configuration makes unless given."
  type        = string
  default     = null
}

variable "schedule" {
  description = "When a job is launched, as five cron fields in UTC."
  type        = string
  default     = "*/30 * * * *"
}

variable "paused" {
  description = "Whether the schedule is only made and not started: run the template by hand first."
  type        = bool
  default     = true
}

variable "max_workers" {
  description = "How many workers a job may grow to."
  type        = number
  default     = 4
}
