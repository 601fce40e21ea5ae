namespace BlueGreen.EnvManager.Environments;

/// <summary>What env-manager is doing with an environment; whether it serves is the route's business.</summary>
internal enum EnvironmentState
{
    /// <summary>Recorded; replicas are being started.</summary>
    Provisioning,

    /// <summary>The whole fleet was ready.</summary>
    Running,

    /// <summary>The last provision attempt failed; another may follow, else it expires.</summary>
    Failed,

    /// <summary>Rolled back: kept without traffic until it expires.</summary>
    Quarantined,

    /// <summary>Being torn down.</summary>
    Decommissioning,

    /// <summary>Gone. Also the mark of an environment that must not come to be: its end was asked for before its beginning.</summary>
    Decommissioned,
}
