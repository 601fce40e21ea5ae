using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Platform.Tests.Http;

public sealed class CachedBlobsTests
{
    private static readonly byte[] Content = [1, 2, 3];
    private static readonly BlobReference Blob = new() { Sha256 = BlobDigest.Of(Content), Name = "golden.jsonl" };
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_AskedTwentyTimesAtOnce_FetchesOnceWithTheTokenAndThenReadsTheDisk()
    {
        var requests = new ConcurrentQueue<string>();
        var answer = new TaskCompletionSource();
        await using var host = await HttpHost.StartAsync(app => app.MapGet("/api/v1/blobs/{digest}", async (HttpContext http) =>
        {
            requests.Enqueue($"{http.Request.Path} {http.Request.Headers.Authorization}");
            await answer.Task.WaitAsync(http.RequestAborted);
            return Results.Bytes(Content);
        }));

        var waiting = Enumerable.Range(0, 20).Select(_ => host.Blobs.GetAsync(Blob, Now)).ToList();
        answer.SetResult();
        var all = await Task.WhenAll(waiting);
        var later = await host.Blobs.GetAsync(Blob, Now);

        Assert.All(all.Append(later), bytes => Assert.Equal(Content, bytes));
        Assert.Equal($"/api/v1/blobs/{Blob.Sha256} Bearer {HttpHost.Token}", Assert.Single(requests));
        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(host.Folder, "blobs", Blob.Sha256), Now));
    }

    [Fact]
    public async Task Get_OneCallerGivesUp_TheOthersStillGetTheirs()
    {
        var answer = new TaskCompletionSource();
        await using var host = await HttpHost.StartAsync(app => app.MapGet("/api/v1/blobs/{digest}", async () =>
        {
            await answer.Task;
            return Results.Bytes(Content);
        }));
        using var impatience = new CancellationTokenSource();

        var impatient = host.Blobs.GetAsync(Blob, impatience.Token);
        var patient = host.Blobs.GetAsync(Blob, Now);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        answer.SetResult();

        Assert.Equal(Content, await patient);
    }

    [Fact]
    public async Task Get_OtherBytesThanTheDigestSays_AreRefusedAndNotKept()
    {
        await using var host = await HttpHost.StartAsync(app => app.MapGet("/api/v1/blobs/{digest}", () => Results.Bytes([9])));

        var refused = await Assert.ThrowsAsync<BlobUnavailableException>(() => host.Blobs.GetAsync(Blob, Now));

        Assert.Contains(BlobDigest.Of([9]), refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(host.Folder, "blobs")));
    }

    [Fact]
    public async Task Get_FailedOnce_IsTriedAgainAndADamagedCacheIsMended()
    {
        var found = false;
        await using var host = await HttpHost.StartAsync(app =>
            app.MapGet("/api/v1/blobs/{digest}", () => found ? Results.Bytes(Content) : Results.NotFound()));

        await Assert.ThrowsAsync<BlobUnavailableException>(() => host.Blobs.GetAsync(Blob, Now));
        found = true;
        await host.Blobs.GetAsync(Blob, Now);
        var path = Path.Combine(host.Folder, "blobs", Blob.Sha256);
        await File.WriteAllBytesAsync(path, [0], Now);

        Assert.Equal(Content, await host.Blobs.GetAsync(Blob, Now));
        Assert.Equal(Content, await File.ReadAllBytesAsync(path, Now));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    public async Task Get_NotADigest_NeverBecomesAPathOrAnAddress(string digest)
    {
        await using var host = await HttpHost.StartAsync(_ => { });

        await Assert.ThrowsAsync<ArgumentException>(() => host.Blobs.GetAsync(Blob with { Sha256 = digest }, Now));
    }
}
