using BlueGreen.Platform.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Tests.Http;

public sealed class OptionsTests
{
    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("short", "too short")]
    [InlineData("a token with spaces in it", "HTTP header")]
    public async Task Start_TokenUnusable_NamesOptionAndVariable(string? token, string problem)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => HttpHost.StartAsync(_ => { }, new() { ["BlueGreen:Api:Token"] = token }));

        Assert.Contains("BlueGreen:Api:Token", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        if (token is null or "short") Assert.Contains("BlueGreen__Api__Token", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BlueGreen:Services:OrchestratorUrl", "orchestrator:8081")]
    [InlineData("BlueGreen:Services:OrchestratorUrl", "/relative")]
    [InlineData("BlueGreen:Services:RouterUrls:0", "ftp://router/")]
    public void Addresses_NotHttp_NameTheOption(string option, string value)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Addresses(new() { [option] = value }));

        Assert.Contains(option, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_NothingConfigured_AreStandalones()
    {
        var addresses = Addresses([]);

        Assert.Equal(new Uri("http://127.0.0.1:8081"), addresses.OrchestratorUrl);
        Assert.Equal([new Uri("http://127.0.0.1:8081")], addresses.RouterUrls);
    }

    [Fact]
    public void Addresses_RoutersConfigured_ReplaceTheDefault()
    {
        var addresses = Addresses(new()
        {
            ["BlueGreen:Services:RouterUrls:0"] = "http://router-0:8081",
            ["BlueGreen:Services:RouterUrls:1"] = "http://router-1:8081",
        });

        Assert.Equal([new Uri("http://router-0:8081"), new Uri("http://router-1:8081")], addresses.RouterUrls);
    }

    [Fact]
    public async Task PlatformClient_Redirected_DoesNotCarryTheTokenAlong()
    {
        var builder = Builder([]);
        builder.Services.AddPlatformHttpClient("test");
        using var app = builder.Build();
        await using var host = await HttpHost.StartAsync(web => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions
            .MapGet(web, "/away", () => Microsoft.AspNetCore.Http.Results.Redirect("http://127.0.0.1:1/")));
        using var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("test");

        var response = await client.GetAsync(new Uri(host.Url, "/away"), TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.Redirect, response.StatusCode);
    }

    private static ServiceAddresses Addresses(Dictionary<string, string?> settings)
    {
        using var app = Builder(settings).Build();
        return app.Services.GetRequiredService<IOptions<ServiceAddresses>>().Value;
    }

    private static HostApplicationBuilder Builder(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["BlueGreen:Api:Token"] = HttpHost.Token });
        builder.AddPlatformHttp();
        return builder;
    }
}
