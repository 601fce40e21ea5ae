using System.Globalization;
using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;

namespace BlueGreen.Router.Drivers.Kubernetes;

/// <summary>
/// What the drivers of Kubernetes objects have in common: the mark is an annotation of the object, written by the same patch; every patch
/// names the resource version that was read; what somebody else writes meanwhile is looked at, never written over; and a patch counts only
/// when the cluster shows it in force.
/// </summary>
internal abstract class KubernetesDriver(KubernetesClients clients, TimeProvider clock, ILogger log) : ITrafficDriver
{
    protected const int Attempts = 8;

    public abstract string Kind { get; }
    public virtual bool Mirrors => false;
    public virtual bool Shifts => false;

    public virtual IReadOnlyList<string> Check(DriverSettings settings) => [.. KubernetesScope.ProblemsOf(settings)];

    public abstract string Describe(DriverRoute route);

    public async Task<DriverReading> ReadAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        try
        {
            var scope = Scope(route);
            var found = await FindAsync(scope, cancellationToken);
            if (found is null) return DriverReading.Failed(Absent(scope));
            var reading = Reading(scope, found);
            return reading.State == Describe(route) ? reading with { Pending = await PendingAsync(scope, found, cancellationToken) } : reading;
        }
        catch (KubernetesFailureException exception)
        {
            return DriverReading.Failed(exception.Message);
        }
    }

    public async Task<DriverResult> ApplyAsync(DriverRoute route, DriverReading seen, CancellationToken cancellationToken)
    {
        try
        {
            var scope = Scope(route);
            var problem = await PrepareAsync(scope, cancellationToken)
                ?? await WriteAsync(scope, seen, cancellationToken)
                ?? await ConfirmAsync(scope, cancellationToken);
            return problem is null ? DriverResult.Done : DriverResult.Failed(problem);
        }
        catch (KubernetesFailureException exception)
        {
            return DriverResult.Failed(exception.Message);
        }
    }

    public async Task ChangedAsync(DriverRoute route, DriverReading since, CancellationToken cancellationToken)
    {
        var scope = Scope(route);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watches = Watched(scope).Select(watched => scope.Follower.FollowAsync(
            KubernetesQuery.One(watched.Resource, watched.Name), items => !IsKnown(items, since), done.Token)).ToArray();
        var first = await Task.WhenAny(watches);
        await done.CancelAsync();
        await Task.WhenAll(watches).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
    }

    /// <summary>The kind of the object that carries the mark.</summary>
    protected abstract KubernetesResource Resource(KubernetesScope scope);

    /// <summary>What stands in the object, in the words of <see cref="Describe"/>.</summary>
    protected abstract string StateOf(KubernetesScope scope, KubernetesPicture found);

    /// <summary>The change from what was found to what the route asks for, without the metadata.</summary>
    protected abstract JsonObject PatchOf(KubernetesScope scope, KubernetesPicture found);

    /// <summary>The driven object and what else must be read to understand it; null: it does not exist.</summary>
    protected virtual async Task<KubernetesPicture?> FindAsync(KubernetesScope scope, CancellationToken cancellationToken) =>
        await scope.Api.FindAsync(Resource(scope), scope.Name, cancellationToken) is { } found ? new KubernetesPicture(found) : null;

    /// <summary>What must be so before traffic may move.</summary>
    /// <returns>Why it may not; null: it may.</returns>
    protected abstract Task<string?> PrepareAsync(KubernetesScope scope, CancellationToken cancellationToken);

    /// <summary>What the cluster has yet to do until the object's word is in force; null: nothing.</summary>
    protected virtual Task<string?> PendingAsync(KubernetesScope scope, KubernetesPicture found, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(null);

    /// <summary>Waits until the cluster shows the change in force.</summary>
    /// <returns>Why it is not known to be; null: it is.</returns>
    protected virtual Task<string?> ConfirmAsync(KubernetesScope scope, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    protected virtual IReadOnlyList<(KubernetesResource Resource, string Name)> Watched(KubernetesScope scope) => [(Resource(scope), scope.Name)];

    /// <summary>Follows objects until they are as wanted, at most for the target's convergence time.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="query">Which.</param>
    /// <param name="missing">What is missing still; null: nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected async Task<string?> WaitAsync(
        KubernetesScope scope, KubernetesQuery query, Func<IReadOnlyCollection<JsonObject>, string?> missing, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(scope.Target.Convergence, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        string? last = "Nothing was heard of it.";
        try
        {
            await scope.Follower.FollowAsync(query, items => (last = missing(items)) is null, both.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{query.Resource}, after {scope.Target.Convergence.TotalSeconds:0.#} s: {last}";
        }
    }

    /// <summary>What is wrong with one of the policy's settings that is to be a whole number; empty: nothing.</summary>
    protected static IEnumerable<string> NumberProblems(DriverSettings settings, string name, int least, int most)
    {
        if (settings.FromOwner(name) is not { } text) return [];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? []
            : [$"The policy's route.driver.settings.{name} must be a whole number from {least} to {most}."];
    }

    protected static int Number(DriverSettings settings, string name, int fallback) =>
        settings.FromOwner(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    private async Task<string?> WriteAsync(KubernetesScope scope, DriverReading seen, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var found = await FindAsync(scope, cancellationToken);
            if (found is null) return Absent(scope);
            var now = Reading(scope, found);
            var wanted = Describe(scope.Route);
            var mark = DriverMark.Of(scope.Route, wanted);
            if (now.State == wanted && now.Mark == mark) return null;
            if (now.State != seen.State || now.Mark != seen.Mark) return $"Somebody else changed {scope.Namespace}/{scope.Name} meanwhile: {now.State}";
            var patch = PatchOf(scope, found);
            patch["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject { [KubernetesScope.MarkAnnotation] = mark.ToString() },
            };
            var outcome = await scope.Api.PatchAsync(Resource(scope), found.Main, patch, cancellationToken);
            if (outcome.Object is not null) return null;
            // A conflict says that something changed, not what: a status or a label that is not ours must not stop a switch.
        }

        return $"{scope.Namespace}/{scope.Name} was changed by others at every one of {Attempts} attempts.";
    }

    private DriverReading Reading(KubernetesScope scope, KubernetesPicture found) =>
        DriverReading.Of(StateOf(scope, found), KubernetesScope.MarkOf(found.Main), found.Version);

    private static bool IsKnown(IReadOnlyCollection<JsonObject> items, DriverReading since) =>
        items.Count > 0 && items.All(item => since.Token?.Split('+').Contains(item.ResourceVersion()) == true);

    private string Absent(KubernetesScope scope) => $"There is no {scope.Name} among the {Resource(scope)}.";

    private KubernetesScope Scope(DriverRoute route)
    {
        var target = KubernetesTarget.Of(route.Settings);
        var api = clients.Of(target);
        return new KubernetesScope
        {
            Api = api,
            Follower = new KubernetesFollower(api, target.RetryDelay, clock, log),
            Target = target,
            Route = route,
        };
    }
}
