namespace BlueGreen.Orchestrator.Faults;

/// <summary>Which faults are meant; what is null does not matter.</summary>
internal sealed record FaultFilter(Guid? Deployment, string? Endpoint, string? Service, string? MessageType, FaultState? State)
{
    public bool IsEmpty => Deployment is null && Endpoint is null && Service is null && MessageType is null && State is null;

    public IQueryable<FaultRow> Apply(IQueryable<FaultRow> rows)
    {
        if (Deployment is { } deployment) rows = rows.Where(row => row.DeploymentId == deployment);
        if (Endpoint is { } endpoint) rows = rows.Where(row => row.Endpoint == endpoint);
        if (Service is { } service) rows = rows.Where(row => row.Service == service);
        if (MessageType is { } type) rows = rows.Where(row => row.MessageType == type);
        if (State is { } state) rows = rows.Where(row => row.State == state);
        return rows;
    }
}
