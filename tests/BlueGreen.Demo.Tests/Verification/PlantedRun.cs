using BlueGreen.Demo.Load;
using BlueGreen.Demo.Verification;

namespace BlueGreen.Demo.Tests.Verification;

/// <summary>A run written by hand: one request every 5 ms, each answered after 3 ms, with whatever a test plants in it.</summary>
internal sealed class PlantedRun
{
    private const long Gap = 5_000;
    private const long Latency = 3_000;
    private readonly List<RequestRecord> _requests = [];
    private readonly List<Mark> _marks = [];

    /// <summary>When the next request is sent, microseconds.</summary>
    public long Now { get; private set; } = 1_000_000;

    public PlantedRun Answered(int count, string version, string epoch)
    {
        for (var i = 0; i < count; i++) Add(new RequestRecord(Now, Now, Now + Latency, 200, $"environment-{version}", version, epoch, false, null));
        return this;
    }

    public PlantedRun Add(Func<long, RequestRecord> request) => Add(request(Now));

    public PlantedRun Marked(string kind, string story, params string[] versions)
    {
        _marks.Add(new Mark(Now, kind, story, versions));
        return this;
    }

    public RunFigures Verify() => LogVerifier.Verify(new ClientLog([.. _requests.OrderBy(request => request.Sent)], _marks));

    /// <summary>The same, through a file.</summary>
    public async Task<RunFigures> WriteAndVerifyAsync(string path)
    {
        await using (var log = new RequestLog(path))
        {
            foreach (var mark in _marks) log.Mark(mark);
            // As they complete, not as they were sent.
            foreach (var request in _requests.OrderBy(request => request.Done)) log.Add(request);
        }

        return LogVerifier.Verify(ClientLog.Read(path));
    }

    private PlantedRun Add(RequestRecord request)
    {
        _requests.Add(request);
        Now += Gap;
        return this;
    }
}
