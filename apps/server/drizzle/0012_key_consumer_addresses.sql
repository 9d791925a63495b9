ALTER TABLE "key_consumers" ADD COLUMN "address_set_by" text;--> statement-breakpoint
ALTER TABLE "key_consumers" ADD COLUMN "address_scopes" text[];