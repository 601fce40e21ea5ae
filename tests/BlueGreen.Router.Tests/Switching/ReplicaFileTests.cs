using BlueGreen.Platform.Hosting;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Tests.Support;
using CsCheck;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Tests.Switching;

public sealed class ReplicaFileTests : IDisposable
{
    private static readonly Gen<(int Endpoint, bool IsRegistered, bool IsRestarted)[]> Steps =
        Gen.Select(Gen.Int[0, 3], Gen.Frequency((9, Gen.Const(true)), (1, Gen.Const(false))), Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true)))).Array[1, 40];

    private readonly TemporaryDirectory _data = new();

    private string Path => System.IO.Path.Combine(_data.Path, "router", "replica.jsonl");
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Whatever was written, in whatever steps and by however many processes: what is read is what was written last.</summary>
    [Fact]
    public void Reading_GivesWhatWasWrittenLast() => Steps.Sample(steps =>
    {
        using var data = new TemporaryDirectory();
        var (file, memory) = (Open(data), Memory());
        for (var number = 1; number <= steps.Length; number++)
        {
            var (endpoint, isRegistered, isRestarted) = steps[number - 1];
            if (isRestarted) file = Open(data);
            memory = Changed(memory, endpoint, number) with { Registered = isRegistered, RenewedAt = memory.RenewedAt.AddSeconds(endpoint) };
            file.Write(memory);
            Assert.Equivalent(memory, Open(data).Read(), strict: true);
        }
    }, iter: 30, threads: 1);

    /// <summary>A thousand endpoints must not make a change of one a thousand times as long.</summary>
    [Fact]
    public void Writing_AChangeOfOneOfManyRoutes_WritesThatOne()
    {
        var memory = Memory(endpoints: 1_000);
        var file = Open(_data);
        file.Write(memory);
        var whole = new FileInfo(Path).Length;

        file.Write(Changed(memory, 7, 2));

        Assert.InRange(new FileInfo(Path).Length - whole, 1, whole / 500);
    }

    [Fact]
    public void Writing_OverAndOver_DoesNotGrowForEver()
    {
        var memory = Memory(endpoints: 100);
        var file = Open(_data);
        file.Write(memory);
        var whole = new FileInfo(Path).Length;
        var largest = 0L;

        for (var number = 2; number < 3_000; number++)
        {
            file.Write(memory = Changed(memory, number % 100, number));
            largest = Math.Max(largest, new FileInfo(Path).Length);
        }

        Assert.InRange(largest, whole, (3 * whole) + (300 * 1024));
        Assert.Equivalent(memory, Open(_data).Read(), strict: true);
    }

    [Theory]
    [InlineData("{\"route\":{\"endpoint\":\"e1")]
    [InlineData("\n{")]
    public async Task Writing_BehindTheRestOfAWriteThatFailed_IsReadAfterAKill(string rest)
    {
        var memory = Memory();
        var file = Open(_data);
        file.Write(memory);
        await File.AppendAllTextAsync(Path, rest, Token);

        file.Write(memory = Changed(memory, 1, 2));

        Assert.Equivalent(memory, Open(_data).Read(), strict: true);
    }

    public void Dispose() => _data.Dispose();

    private static ReplicaFile Open(TemporaryDirectory data) => new(Options.Create(new PlatformOptions { DataDirectory = data.Path }));

    private static ReplicaMemory Memory(int endpoints = 4) => new()
    {
        Name = "router-1",
        Registered = true,
        RenewedAt = DateTimeOffset.UnixEpoch,
        Routes = [.. Enumerable.Range(0, endpoints).Select(endpoint => Route(endpoint, 1))],
    };

    private static ReplicaMemory Changed(ReplicaMemory memory, int endpoint, int version) =>
        memory with { Routes = [.. memory.Routes.Select(route => route.Endpoint == $"e{endpoint}" ? Route(endpoint, version) : route)] };

    private static RouteState Route(int endpoint, int version) =>
        new() { Endpoint = $"e{endpoint}", Path = $"/e{endpoint}", Version = version, Epoch = version, Committed = [Guid.NewGuid()] };
}
