# What OPA answers to an API server: https://www.openpolicyagent.org/docs/kubernetes/tutorial
package system

violations contains found.msg if some found in data.peer[_].violation

main := {
	"apiVersion": "admission.k8s.io/v1",
	"kind": "AdmissionReview",
	"response": object.union({"uid": input.request.uid, "allowed": count(violations) == 0}, status),
}

default status := {}

status := {"status": {"message": concat("; ", violations)}} if count(violations) > 0
