namespace BlueGreen.Cli.Api;

/// <summary>An RFC 9457 answer as the platform writes it.</summary>
internal sealed record Problem
{
    public string? Title { get; init; }
    public int? Status { get; init; }
    public string? Detail { get; init; }

    /// <summary>The JSON path, header, option or file at fault.</summary>
    public string? Field { get; init; }

    /// <summary>1-based place in a policy file.</summary>
    public int? Line { get; init; }
    public int? Column { get; init; }
}
