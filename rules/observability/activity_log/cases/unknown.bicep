targetScope = 'subscription'

param workspace string

resource activity 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'activity'
  // unknown 25d4d4b34834: the workspace of a diagnostic setting is not known
  properties: {
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
        enabled: true
      }
      {
        category: 'Alert'
        enabled: true
      }
    ]
    workspaceId: workspace
  }
}
