namespace BlueGreen.Router.Drivers;

/// <summary>
/// Port to a load balancer that is not ours: the policy's <c>route.driver</c>. One instance serves all endpoints and targets of its kind,
/// from several threads. Endpoints without a driver are answered by the router itself.
/// </summary>
/// <remarks>
/// <para><b>What a driver promises.</b> The target's state that it owns can be written as one canonical text. <see cref="Describe"/> says which
/// text a route asks for, <see cref="ReadAsync"/> which one stands in the target now, <see cref="ApplyAsync"/> makes the one into the other, and
/// leaves a <see cref="DriverMark"/> beside it in the same write: whose word it is, how new, and the checksum of the text.</para>
/// <para><b>Who decides.</b> Not the driver. <see cref="DriverStandings"/> compares route and reading: every router replica applies what is newer than
/// the mark, leaves alone what is older than it (a replica that is behind is fenced off), and never writes over a text that does not match its
/// mark: that is somebody else's change, which is raised and stays until an operator asks for the route to be applied again.</para>
/// <para><b>Failure is data.</b> What can be expected (not reachable, refused, changed meanwhile, not configured) comes back as a text for
/// operators, never as an exception. Exceptions other than a cancellation are bugs; they are logged and treated as a failure.</para>
/// </remarks>
internal interface ITrafficDriver
{
    /// <summary>The policy's <c>route.driver.kind</c>, e.g. <c>haproxy</c>.</summary>
    string Kind { get; }

    /// <summary>True: <see cref="DriverRoute.Mirror"/> is part of what is described and applied. False: the target cannot, and it is left out.</summary>
    bool Mirrors => false;

    /// <summary>True: <see cref="DriverRoute.Share"/> is part of what is described and applied. False: the target moves all traffic at once.</summary>
    bool Shifts => false;

    /// <summary>What is missing or wrong in the settings; empty: nothing. Asks nobody.</summary>
    IReadOnlyList<string> Check(DriverSettings settings);

    /// <summary>
    /// The canonical text of the state that the route asks for; without the mark, and without anything that differs between two equal states
    /// (order of servers, spelling). Pure. A person reads it in a drift message.
    /// </summary>
    string Describe(DriverRoute route);

    /// <summary>Asks the target itself (not a cache, and where there is a difference not the file that it was started with).</summary>
    Task<DriverReading> ReadAsync(DriverRoute route, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the target's state the one that the route asks for, in one step as clients see it, and leaves the route's mark. Idempotent. Where
    /// the target can compare and swap, it must, with what <paramref name="seen"/> holds (<see cref="DriverReading.Token"/>). Requests that are under way
    /// are left to finish. The caller reads back.
    /// </summary>
    /// <param name="route">Where traffic goes from now on.</param>
    /// <param name="seen">The reading on which it was decided to write.</param>
    /// <param name="cancellationToken">The target may then be in either state.</param>
    Task<DriverResult> ApplyAsync(DriverRoute route, DriverReading seen, CancellationToken cancellationToken);

    /// <summary>How many requests are still under way at what is not live, as the target tells it.</summary>
    Task<DriverDrain> DrainAsync(DriverRoute route, CancellationToken cancellationToken) => Task.FromResult(DriverDrain.Unknown);

    /// <summary>
    /// Completes when the target may no longer be as it was read, so that it is read again before that is due anyway. A hint: it may come for
    /// nothing, and where the target does not tell it never comes.
    /// </summary>
    Task ChangedAsync(DriverRoute route, DriverReading since, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
}
