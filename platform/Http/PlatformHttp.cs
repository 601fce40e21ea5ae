using BlueGreen.Platform.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Http;

/// <summary>What every process needs to be asked, and to ask, over HTTP.</summary>
public static class PlatformHttp
{
    /// <summary>Addresses, the operator's token on both sides, blobs. Options are checked at start.</summary>
    public static IHostApplicationBuilder AddPlatformHttp(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<PlatformOptions>().BindConfiguration(PlatformOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ServiceAddresses>().BindConfiguration(ServiceAddresses.Section).ValidateOnStart();
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<ServiceAddresses>, ServiceAddresses.Defaults>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ServiceAddresses>, ServiceAddresses.Validator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiOptions>, ApiOptions.Validator>());

        services.AddAuthentication(OperatorAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, OperatorAuthentication>(OperatorAuthentication.SchemeName, _ => { });
        services.AddAuthorization();
        services.AddPlatformHttpClient(CachedBlobs.ClientName);
        services.TryAddSingleton<IBlobs, CachedBlobs>();
        return builder;
    }
}
