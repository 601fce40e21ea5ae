namespace BlueGreen.Chaos.Scripts;

/// <summary>What is done to the platform.</summary>
internal enum FaultKind
{
    /// <summary><c>kill -9</c> of one service or several at once, started again after a while.</summary>
    Kill,

    /// <summary>The broker is stopped in good order, and started again.</summary>
    BrokerStop,

    /// <summary>The broker is killed, and started again.</summary>
    BrokerKill,

    /// <summary>The database is stopped in good order, and started again.</summary>
    DatabaseStop,

    /// <summary>The database is killed, and started again.</summary>
    DatabaseKill,

    /// <summary>SIGSTOP, then SIGCONT.</summary>
    Pause,

    /// <summary>All TCP connections of a service to broker and database are reset, several times.</summary>
    Cut,

    /// <summary>Everything between a service and broker and database is delayed.</summary>
    Delay,

    /// <summary>Messages of the run so far are delivered again, in another order.</summary>
    Duplicate,

    /// <summary>Messages of some types are held back, and delivered late in another order.</summary>
    Reorder,
}
