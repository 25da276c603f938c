namespace PhotoMl.Tests;

/// <summary>Runs a test's action as a user to whom permissions apply: to root they do not.</summary>
internal static class Unprivileged
{
    private const uint Nobody = 65534;

    /// <summary>Runs an action on a thread that reads files as another user. Linux only.</summary>
    public static T Run<T>(Func<T> action)
    {
        return Task.Factory.StartNew(RunHere, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .GetAwaiter().GetResult();

        T RunHere()
        {
            _ = Environment.IsPrivilegedProcess ? SetFileUser(Nobody) : 0; // of this thread alone, which ends here
            return action();
        }
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    private static extern int SetFileUser(uint user);
}
