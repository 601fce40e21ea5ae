namespace BlueGreen.Router.Drivers.Kubernetes.Api;

internal enum WatchKind
{
    /// <summary>Added or modified.</summary>
    Changed,
    Deleted,
    Bookmark,

    /// <summary>The server no longer knows the version that was asked from (410): changes may have been missed, list again.</summary>
    Gone,
}
