using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Tests.Processes;

public sealed class ServiceProcessTests : IDisposable
{
    private const int Sigkill = 9;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-process-").FullName;

    /// <summary>As a fleet outlives env-manager, and whatever it inherited with it.</summary>
    [Fact]
    public async Task Killed_WhileAChildOfItStillHoldsItsOutput_IsSeenToBeGone()
    {
        await using var process = Start("sleep 30 & echo $! > child; echo started; wait");
        var child = Path.Combine(_folder, "child");
        while (!File.Exists(child) || (await File.ReadAllTextAsync(child, Cancelled)).Length == 0) await Pause();
        process.Signal(Sigkill);
        await process.WaitAsync(Limit, Cancelled);
        Assert.True(process.HasExited);
        Assert.Equal("started", process.LastLines(5));
        System.Diagnostics.Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(child, Cancelled), null)).Kill();
    }

    [Fact]
    public async Task Wait_ForOneThatStays_SaysWhatItIsDoing()
    {
        await using var process = Start("exec sleep 30");
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => process.WaitAsync(TimeSpan.FromMilliseconds(100), Cancelled));
        Assert.Contains("did not end within", failure.Message, StringComparison.Ordinal);
        process.Signal(Sigkill);
    }

    [Fact]
    public async Task Started_WithVariables_HasThem()
    {
        await using var process = Start("echo $GREETING");
        await process.WaitAsync(Limit, Cancelled);
        Assert.Equal("hello", process.LastLines(1));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static Task Pause() => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancelled);

    private ServiceProcess Start(string script) => ServiceProcess.Start(
        ["/bin/sh", "-c", script], [KeyValuePair.Create("GREETING", "hello")], _folder, Path.Combine(_folder, "log"), TimeProvider.System);
}
