namespace BlueGreen.Orchestrator.Policies;

/// <summary>Where policies come from besides the API.</summary>
public sealed class PolicyOptions
{
    public const string Section = "BlueGreen:Orchestrator";

    /// <summary>
    /// Directory whose <c>*.yaml</c> files are applied at every start, with the files they name beside them. Default: none.
    /// </summary>
    public string? PolicyDirectory { get; set; }
}
