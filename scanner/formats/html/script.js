(() => {
  "use strict";
  const form = document.getElementById("filter");
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => (part.open = true)));
  if (!form) return;
  const groups = [...document.querySelectorAll(".rule")].map((rule) => ({
    rule,
    findings: [...rule.querySelectorAll(".finding")].map((element) => ({
      element,
      severity: element.dataset.severity,
      rule: element.dataset.rule,
      tenants: element.dataset.tenants.split(" "),
      text: `${rule.querySelector("header").textContent} ${element.textContent}`.toLowerCase(),
    })),
  }));
  const total = groups.reduce((sum, group) => sum + group.findings.length, 0);
  const count = document.getElementById("count");
  const apply = () => {
    const { severity, rule, tenant, words } = form.elements;
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let visible = 0;
    for (const group of groups) {
      let here = 0;
      for (const finding of group.findings) {
        const fits =
          (!severity.value || finding.severity === severity.value) &&
          (!rule.value || finding.rule === rule.value) &&
          (!tenant.value || finding.tenants.includes(tenant.value)) &&
          wanted.every((word) => finding.text.includes(word));
        finding.element.hidden = !fits;
        here += fits;
      }
      group.rule.hidden = here === 0;
      visible += here;
    }
    count.textContent = visible === total ? "" : `${visible} of ${total} findings`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
