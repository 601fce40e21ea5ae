using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>One thing that happens. What it means depends on what there is at that moment, so that any sequence of them can be played.</summary>
internal readonly record struct Move(int Kind, int Pick, int Variant);

/// <summary>A message on its way to the saga.</summary>
internal sealed record Letter(IDeploymentMessage Message, object Body, Timer? Timer = null);

/// <summary>
/// Everything around the saga: workers that answer well, badly, twice or never, a router that knows what is true, people, the clock, and a
/// mailbox that loses, repeats and reorders.
/// </summary>
internal sealed partial class World : IDisposable
{
    private static readonly string[] People = ["ada", "bob", "eve"];

    private readonly SagaDriver _driver;
    private readonly Reference _reference;
    private readonly EndpointPolicy _policy;
    private readonly Planted _planted;
    private readonly List<IDeploymentMessage> _commands = [];
    private readonly HashSet<IDeploymentMessage> _answered = new(ReferenceEqualityComparer.Instance);
    private readonly List<Letter> _mailbox = [];
    private readonly List<Guid> _promoted = [];

    public World(Setting setting, Planted planted = Planted.Nothing)
    {
        (_policy, _planted) = (setting.Policy(), planted);
        var live = setting.HasBlue ? Blue : null;
        _driver = new SagaDriver(_policy, live);
        _reference = new Reference(_policy);
        Router = new Router(live);
    }

    public static Fleet Blue { get; } = new()
    {
        EnvironmentId = new Guid("b1000000-0000-0000-0000-000000000000"),
        Model = "fraud",
        Version = "0",
        Protocol = "open-inference-v2",
        Replicas = [],
    };

    public Router Router { get; }
    public List<string> Story { get; } = [];

    /// <summary>States in which messages were delivered.</summary>
    public HashSet<string> Met { get; } = [];

    public void Dispose() => _driver.Dispose();

    public void Play(Move move)
    {
        switch (move.Kind)
        {
            case < 5: Promote(move); break;
            case < 55: Answer(move); break;
            case < 85: Deliver(move, keep: false); break;
            case < 89: Deliver(move, keep: true); break;
            case < 91: Lose(move); break;
            case < 94: LetTimePass(move); break;
            case < 98: Decide(move); break;
            default: Alarm(move); break;
        }

        CheckTraffic();
    }

    private void Promote(Move move)
    {
        var isCopy = move.Variant % 5 == 0 && _promoted.Count > 0;
        if (!isCopy && _promoted.Count == 4) return;
        var id = isCopy ? _promoted[move.Pick % _promoted.Count] : new Guid(_promoted.Count + 1, 0, 0, new byte[8]);
        if (!isCopy) _promoted.Add(id);
        _driver.Advance(TimeSpan.FromSeconds(1));
        Post(new ModelPromoted
        {
            DeploymentId = id,
            Endpoint = _policy.Name,
            Model = "fraud",
            // A copy is the same message again.
            Version = $"{_promoted.IndexOf(id) + 1}",
            Artifact = new ArtifactReference { Uri = new Uri("file:///m.zip"), Sha256 = new string('a', 64) },
            Source = "generic",
            PromotedBy = move.Variant % 3 == 0 ? null : "ada",
            PromotedAt = _driver.Now - TimeSpan.FromSeconds(move.Variant % 4 == 1 ? 30 : 0),
        });
    }

    /// <summary>Mostly the newest command that nobody has answered; sometimes any, again.</summary>
    private void Answer(Move move)
    {
        var open = _commands.Where(command => !_answered.Contains(command)).ToList();
        if (open.Count == 0 && _mailbox.Count == 0 && move.Pick % 7 != 0)
        {
            // Nothing will happen unless somebody decides, or time passes.
            if (move.Variant % 2 == 0) LetTimePass(move);
            else Decide(move);
            return;
        }

        var again = move.Pick % 11 == 0 || open.Count == 0;
        if (again && _commands.Count == 0) return;
        var command = again ? _commands[move.Pick % _commands.Count] : move.Pick % 5 == 0 ? open[move.Pick % open.Count] : open[^1];
        _answered.Add(command);
        foreach (var (message, body) in Answers.To(command, move.Variant, Router, _driver.Now)) Post(message, body);
        if (command is BeginBaking { DeploymentId: var id } && _mailbox is [.., { Message: BakingFailed }]) _commands.Add(RollbackOf(id));
        if (move.Variant % 2 == 0 && _mailbox.Count > 0) Deliver(move with { Pick = 1 }, keep: false);
    }

    private void Deliver(Move move, bool keep)
    {
        if (_mailbox.Count == 0) return;
        var index = move.Pick % 3 == 0 ? move.Variant % _mailbox.Count : _mailbox.Count - 1;
        var letter = _mailbox[index];
        if (!keep) _mailbox.RemoveAt(index);
        Deliver(letter);
    }

    /// <summary>Promotions, deadlines and what the saga says to itself are durable; an answer that is lost has the deadline behind it.</summary>
    private void Lose(Move move)
    {
        var losable = _mailbox.Where(letter => letter is { Timer: null, Message: IStageMessage }).ToList();
        if (losable.Count == 0) return;
        var letter = losable[move.Pick % losable.Count];
        _mailbox.Remove(letter);
        Story.Add($"lost: {Describe(letter)}");
    }

    private void LetTimePass(Move move)
    {
        var running = _driver.Timers.Where(timer => timer.IsSet && _mailbox.All(letter => letter.Timer != timer)).ToList();
        if (running.Count == 0) return;
        var timer = running[move.Pick % running.Count];
        _driver.Advance(timer.Wait + TimeSpan.FromMilliseconds(1));
        var letter = new Letter(timer.Message, timer.Message, timer);
        Story.Add($"time is up: {timer.Message.State} {timer.Message.Attempt} of {Name(timer.Message.DeploymentId)}");
        // Sometimes it is on its way for so long that it is cancelled meanwhile.
        if (move.Variant % 3 == 0) _mailbox.Add(letter);
        else Deliver(letter);
    }

    private void Decide(Move move)
    {
        if (_promoted.Count == 0) return;
        var id = _promoted[move.Pick % _promoted.Count];
        var saga = _driver.Sagas.GetValueOrDefault(id);
        var state = move.Variant % 7 == 0 ? "Held" : saga?.CurrentState is "Held" ? "Held" : "AwaitingApproval";
        var who = People[move.Variant % People.Length];
        var environment = move.Variant % 11 == 0 ? Guid.Empty : saga?.EnvironmentId ?? Guid.Empty;
        var fingerprint = move.Variant % 13 == 0 ? "another" : "f";
        var isAsked = saga?.CurrentState is "Held" or "AwaitingApproval";
        switch (move.Pick / 4 % (isAsked ? 8 : 3))
        {
            case 0: Post(new CancelDeployment { DeploymentId = id, Reason = "cancel", RequestedBy = who }); break;
            case 1: Send(RollbackOf(id)); break;
            case 2: Post(Answers.Rejected(id, state, environment, fingerprint, who)); break;
            default: Post(Answers.Approved(id, state, environment, fingerprint, who)); break;
        }
    }

    /// <summary>The direct way: the router hears of it before anybody else.</summary>
    private void Alarm(Move move)
    {
        if (_promoted.Count == 0) return;
        var id = _promoted[move.Pick % _promoted.Count];
        if (Router.Revert(id, _policy.Name, _driver.Now) is TrafficReverted reverted) Post(reverted);
    }

    private RollbackRequested RollbackOf(Guid id) => new() { DeploymentId = id, Endpoint = _policy.Name, Reason = "asked", RequestedBy = "bob" };

    private void Post(IDeploymentMessage message, object? body = null) => _mailbox.Add(new Letter(message, body ?? message));
}
