using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class BakePolicyTests
{
    private const string Source = "source: { kind: prometheus, address: \"https://prometheus.example\", query: \"sum(orders)\" }";

    [Fact]
    public void Compare_Given_TravelsWithTheBake()
    {
        var bake = APolicy.ParseWith(
            "route: { mirror: { blue: 10% } }\n"
            + "bake: { compare: [ { distribution: { statistic: psi, samples: 200..4000 } }, { paired: { maxDisagreement: 3% } } ] }").Policy!.Bake;
        var distribution = Assert.Single(bake.Comparison!.Distributions);
        Assert.Equal(("psi", 0.2, 200, 4000), (distribution.Statistic, distribution.Margin, distribution.MinSamples, distribution.MaxSamples));
        Assert.Equal(0.03, bake.Comparison.Paired!.MaxDisagreement);
        Assert.Null(APolicy.Valid(APolicy.Minimal).Bake.Comparison);
    }

    /// <summary>What clients send wrongly is theirs: without a limit of its own green is held against blue, and that is the default.</summary>
    [Fact]
    public void ClientErrorRate_NeedsNoLimit_AndIsWatchedByDefault()
    {
        Assert.Equal(
            [new() { Name = "error-rate", High = 0.01 }, new() { Name = "client-error-rate" }], APolicy.Valid(APolicy.Minimal).Bake.Metrics);
        Assert.Equal(
            [new BakeMetric { Name = "client-error-rate" }], APolicy.ParseWith("bake: { metrics: [ { name: client-error-rate } ] }").Policy!.Bake.Metrics);
        Assert.Equal(
            0.05, APolicy.ParseWith("bake: { metrics: [ { name: client-error-rate, high: 5% } ] }").Policy!.Bake.Metrics.Single().High);
    }

    [Fact]
    public void Sequential_Given_TravelsWithItsMetric()
    {
        var metric = APolicy.ParseWith(
            $"bake: {{ metrics: [ {{ name: conversion, low: -0.01, {Source}, sequential: {{ of: \"sum(visits)\", against: blue }} }} ] }}")
            .Policy!.Bake.Metrics.Single();
        Assert.Equal(new SequentialTest { CountQuery = "sum(visits)", AgainstBlue = true }, metric.Sequential);
    }

    [Theory]
    [InlineData("bake: { compare: [ { paired: {} } ] }", "Nothing is mirrored to blue")]
    [InlineData("route: { mirror: { blue: 10% } }\nbake: { compare: [ { paired: {} }, { paired: {} } ] }", "Give 'paired' once.")]
    [InlineData("bake: { metrics: [ { name: error-rate, high: 1%, sequential: { of: up } } ] }", "Only a source's numbers")]
    public void Bake_ThatCannotWork_IsRefused(string lines, string message) =>
        Assert.StartsWith(message, Assert.Single(APolicy.ParseWith(lines).Errors).Message, StringComparison.Ordinal);
}
