"""What a person looks at: run summary, highlighted article."""
