namespace BlueGreen.Orchestrator.Policies;

internal enum PolicyFormat
{
    Yaml,
    Json,
}
