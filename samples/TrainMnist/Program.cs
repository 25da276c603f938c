Console.WriteLine("photoml");
