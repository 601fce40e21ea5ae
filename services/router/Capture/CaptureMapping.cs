using BlueGreen.Contracts;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Capture;

internal static class CaptureMapping
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<CaptureRow>(capture =>
        {
            capture.ToTable("captures").HasKey(row => row.Id);
            capture.HasIndex(row => new { row.Endpoint, row.At });
            capture.HasIndex(row => row.EnvironmentId);
        });
        model.Entity<CapturePolicyRow>(policy =>
        {
            policy.ToTable("capture_policies").HasKey(row => row.Endpoint);
            policy.Property(row => row.Policy).HasConversion(JsonColumn.Of<CapturePolicy>());
        });
    }
}
