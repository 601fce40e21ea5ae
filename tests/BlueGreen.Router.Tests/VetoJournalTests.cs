using BlueGreen.Platform.Hosting;
using BlueGreen.Router.Reverting;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Tests.Support;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Tests;

public sealed class VetoJournalTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly LineCollector _log = new();

    private string File => Path.Combine(_data.Path, "router", "vetoes.jsonl");
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A full disk takes the beginning of a line; the caller is told 503 and repeats.</summary>
    [Theory]
    [InlineData("{\"veto\":{\"deploymentId\":\"3f2b")]
    [InlineData("{")]
    [InlineData("\n{\"veto\"")]
    public async Task Veto_WrittenBehindTheRestOfAWriteThatFailed_IsThereAfterAKill(string rest)
    {
        var (before, after) = (AVeto(), AVeto());
        using var journal = Open();
        await journal.AppendAsync(before);
        await System.IO.File.AppendAllTextAsync(File, rest, Token);
        await journal.AppendAsync(after);

        using var again = Open();

        Assert.Equal(new[] { before.DeploymentId, after.DeploymentId }.Order(), again.Pending.Select(veto => veto.DeploymentId).Order());
        Assert.Contains(rest.Trim(), Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settlement_WrittenBehindTheRestOfAWriteThatFailed_IsThereAfterAKill()
    {
        var veto = AVeto();
        using var journal = Open();
        await journal.AppendAsync(veto);
        await System.IO.File.AppendAllTextAsync(File, "{\"settled\":", Token);
        await journal.SettleAsync(veto.DeploymentId);

        using var again = Open();

        Assert.Empty(again.Pending);
    }

    [Fact]
    public async Task Journal_ThatIsWhole_IsReadWithoutAWord()
    {
        var veto = AVeto();
        using (var journal = Open())
        {
            await journal.RehearseAsync();
            await journal.AppendAsync(veto);
        }

        using var again = Open();
        using var oncemore = Open();

        Assert.Equal(veto, Assert.Single(oncemore.Pending));
        Assert.Empty(_log.Lines);
    }

    public void Dispose() => _data.Dispose();

    private VetoJournal Open() => new(new ReplicaFile(Options.Create(new PlatformOptions { DataDirectory = _data.Path })), _log);

    private static Veto AVeto() => new()
    {
        DeploymentId = Guid.NewGuid(),
        Endpoint = "fraud",
        Reason = "a test asks",
        RequestedBy = "test",
        RevertedAt = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero),
    };

    private sealed class LineCollector : ILogger<VetoJournal>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
