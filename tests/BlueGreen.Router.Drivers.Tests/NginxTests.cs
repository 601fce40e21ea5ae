using BlueGreen.Contracts;
using BlueGreen.Router.Drivers.Tests.Fixture;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>Against a real NGINX.</summary>
public sealed class NginxTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly int _port = RealProgram.FreePort();
    private readonly int _status = RealProgram.FreePort();
    private RealProgram? _nginx;

    private string Include => Path.Combine(_folder.Path, "upstreams", "fraud.conf");
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switching_UnderTraffic_MovesAllOfItWithoutAFailedRequest_AndOldWorkersFinish()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        await using var traffic = new Traffic(new Uri($"http://127.0.0.1:{_port}/"));
        await traffic.MoreAsync(50, "blue");

        await scene.SwitchAsync(Guid.NewGuid(), 1, scene.Green);

        await traffic.MoreAsync(200, "green");
        Assert.Empty(traffic.Failures);
        await scene.StandsAsync(status => status is { Standing: "InSync", InFlight: 0 }, "in sync, without old workers");
        Assert.Contains($"server 127.0.0.1:{scene.Green.Address.Port};", await File.ReadAllTextAsync(Include, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switching_ARequestIsUnderWay_IsFinishedByTheOldWorker()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        var (arrived, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        scene.Blue.Answer = async context =>
        {
            arrived.TrySetResult();
            await release.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("late", context.RequestAborted);
        };
        using var client = new HttpClient();
        var late = client.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/slow"), Ct);
        await arrived.Task;

        await scene.SwitchAsync(Guid.NewGuid(), 1, scene.Green);

        await scene.StandsAsync(status => status is { Standing: "InSync", InFlight: > 0 }, "in sync, with an old worker");
        release.SetResult();
        Assert.Equal("late", await late);
        await scene.StandsAsync(status => status is { Standing: "InSync", InFlight: 0 }, "in sync, without old workers");
    }

    [Fact]
    public async Task Switching_TheWriterDiedBetweenItsFileAndTheReload_IsFinishedByWhoeverLooksNext()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        var written = await File.ReadAllTextAsync(Include, Ct);
        await scene.SwitchAsync(Guid.NewGuid(), 1, scene.Green);
        var wanted = await File.ReadAllTextAsync(Include, Ct);

        // What a replica wrote stands there; what runs is another's.
        await DriverText.ReplaceFileAsync(Include, written, Ct);

        await Until.TrueAsync(async () => await File.ReadAllTextAsync(Include, Ct) == wanted, () => "Nobody finished it.");
        await scene.StandsAsync("InSync");
        await using var traffic = new Traffic(new Uri($"http://127.0.0.1:{_port}/"));
        await traffic.MoreAsync(20, "green");
        Assert.Empty(scene.Router.Spy.All<AttentionRequired>());
    }

    [Fact]
    public async Task Drifting_SomebodyElseEditsTheFile_IsSeenAndNotWrittenOver_UntilAnOperatorSaysSo()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        var edited = (await File.ReadAllTextAsync(Include, Ct)).Replace("keepalive 32;", "keepalive 8;", StringComparison.Ordinal);

        await File.WriteAllTextAsync(Include, edited, Ct);
        await scene.StandsAsync("Drifted");

        await scene.Router.Spy.NextAsync<AttentionRequired>(message => message.Reason.Contains("keepalive 8;", StringComparison.Ordinal));
        Assert.Equal(edited, await File.ReadAllTextAsync(Include, Ct));
        Assert.Equal(System.Net.HttpStatusCode.OK, await scene.ApplyAgainAsync());
        Assert.Contains("keepalive 32;", await File.ReadAllTextAsync(Include, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Applying_TheConfigurationDoesNotPassItsTest_PutsTheFormerFileBack()
    {
        await using var scene = await StartAsync(("BlueGreen:Router:DriverDeadline", "00:00:02"));
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        var before = await File.ReadAllTextAsync(Include, Ct);
        // Somebody else's file, which NGINX has not been told to read yet.
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "upstreams", "other.conf"), "nonsense;\n", Ct);

        var receipt = await scene.Router.SwitchAsync(Guid.NewGuid(), 1, scene.Green);

        Assert.False(receipt.Confirmed);
        var driver = Assert.Single(receipt.Acknowledgements, entry => entry.Router == "driver:nginx");
        Assert.Contains("nonsense", driver.Problem, StringComparison.Ordinal);
        await Until.TrueAsync(async () => await File.ReadAllTextAsync(Include, Ct) == before, () => "The former file is not back.");
        await using (var traffic = new Traffic(new Uri($"http://127.0.0.1:{_port}/"))) await traffic.MoreAsync(10, "blue");

        File.Delete(Path.Combine(_folder.Path, "upstreams", "other.conf"));
        await scene.StandsAsync("InSync");
        await using var later = new Traffic(new Uri($"http://127.0.0.1:{_port}/"));
        await later.MoreAsync(10, "green");
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null) await _nginx.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<DrivenRouter> StartAsync(params (string Key, string Value)[] settings)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Include)!);
        await File.WriteAllTextAsync(Include, "upstream fraud { server 127.0.0.1:1; }\n", Ct);
        var config = Path.Combine(_folder.Path, "nginx.conf");
        await File.WriteAllTextAsync(config, $$"""
            daemon off;
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            worker_processes 2;
            pid {{_folder.Path}}/nginx.pid;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{_folder.Path}}/body;
                proxy_temp_path {{_folder.Path}}/proxy;
                fastcgi_temp_path {{_folder.Path}}/fastcgi;
                uwsgi_temp_path {{_folder.Path}}/uwsgi;
                scgi_temp_path {{_folder.Path}}/scgi;
                include {{_folder.Path}}/upstreams/*.conf;
                server {
                    listen 127.0.0.1:{{_port}};
                    location / {
                        proxy_pass http://fraud;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                    }
                }
            }

            """, Ct);
        string[] arguments = ["-p", _folder.Path, "-c", config, "-e", "stderr"];
        _nginx = await RealProgram.StartAsync("nginx", _folder.Path, _port, arguments);
        return await DrivenRouter.StartAsync(
            new TrafficDriver { Kind = "nginx" },
            settings,
            ("include", Path.Combine(_folder.Path, "upstreams", "{upstream}.conf")),
            ("status", $"127.0.0.1:{_status}"),
            ("pid", Path.Combine(_folder.Path, "nginx.pid")),
            ("command", $"{RealPrograms.Require("nginx")} {string.Join(' ', arguments)}"));
    }
}
