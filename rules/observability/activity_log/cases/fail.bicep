targetScope = 'subscription'

resource activity 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'activity'
  properties: {
    // fail 97195d5c5de7: the activity log is exported without Policy, Alert
    logs: [
      {
        category: 'Administrative'
        enabled: true
      }
      {
        category: 'Security'
        enabled: true
      }
      {
        category: 'Policy'
        enabled: false
      }
    ]
    // fail fe286ec62afc: the activity log is exported to law-elsewhere; a workspace of the estate is expected (law-npd-weu-01, law-prd-weu-01)
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-elsewhere'
  }
}
