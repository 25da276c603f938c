using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Commands;

/// <summary>Examines photos with the progress shown.</summary>
internal static class PhotoSurvey
{
    /// <summary>Examines every photo of a list.</summary>
    public static PhotoCheckReport Run(PhotoList photos, CliHost host, bool quiet)
    {
        using var line = new StatusLine(host, quiet);
        var progress = new SynchronousProgress<PhotoCheckProgress>(state => line.Show(() =>
            $"{state.Done:N0} of {state.Total:N0} photos checked{(state.Unreadable > 0 ? $", {state.Unreadable:N0} unreadable" : "")}"));
        return PhotoCheck.Run(photos, progress, host.CancellationToken);
    }
}
