# The Pod that an object makes, for OPA's webhook (input.request) and for Gatekeeper's (input.review) alike.
package lib.pods

object_under_review := input.review.object

object_under_review := input.request.object if not input.review

spec := object_under_review.spec.jobTemplate.spec.template.spec if object_under_review.kind == "CronJob"

spec := object_under_review.spec.template.spec if object_under_review.kind != "CronJob"

containers contains container if {
	some field in {"containers", "initContainers"}
	some container in spec[field]
}
