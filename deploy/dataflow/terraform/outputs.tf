output "image" {
  description = "Name to build and push the image under."
  value       = local.image
}

output "template" {
  description = "Where `gcloud dataflow flex-template build` puts the template file."
  value       = local.template
}
