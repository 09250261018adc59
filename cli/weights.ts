// The program of the image, for people: it reads the command line itself.
import "../weights/main.ts";
