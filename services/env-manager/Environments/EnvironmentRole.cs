namespace BlueGreen.EnvManager.Environments;

/// <summary>What the endpoint's route wants of an environment.</summary>
internal enum EnvironmentRole
{
    /// <summary>No route names it: it expires.</summary>
    None,

    /// <summary>Answers requests.</summary>
    Live,

    /// <summary>The way back; as precious as the live one.</summary>
    Standby,
}
